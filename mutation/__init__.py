"""Would the tests notice a fault? Small faults are planted in the code, one at a time, and its tests are run."""

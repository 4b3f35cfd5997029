"""The order and value models, one source a module, in its paper's letters."""

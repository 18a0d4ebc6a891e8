"""What every method with a network needs, written once: training loop, early stopping, weights, random states.

May import torch, the ground and `methods.base`; knows no network, no loss and no dataset.
"""

"""The two recognisers of MiE-X: ResNet-18 on the apex, or on onset and apex (Liu et al., ECCV 2022).

May import `methods.nets`, `methods.recognition`, `faces`, `frames` and below.
"""

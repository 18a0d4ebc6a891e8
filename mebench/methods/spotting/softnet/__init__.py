"""softnet: the shallow optical-flow three-stream network (Liong et al., ICIP 2021).

May import `methods.nets`, `methods.spotting`, `faces`, `frames`, `metrics` and below.
"""

"""Still images: one small file for the layout of each dataset. A still is a clip of one frame.

`base` holds what all share, `table` how hundreds of thousands of stills are listed in little memory. These modules may
import those that the long-video loaders may, and `finding`; one dataset imports no other.
"""

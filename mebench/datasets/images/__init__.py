"""Still images: one small file for the layout of each dataset. A still is a clip of one frame."""

"""The renderer: faces of people who do not exist, with every action unit, landmark and expression known.

What is here knows identities, poses, light and the camera, and no dataset: `datasets/synth_*` make videos, clips and
stills of it, `faces/hog_training` a regressor of action units, and the documentation its pictures. `source` gives the
frames and the truth of one video, `clip_frames` those of one clip or still, `faces` single faces, `head` one identity
ready to move. Modules here may import `schema`, `settings` and `errors`, beside numpy and OpenCV.
"""

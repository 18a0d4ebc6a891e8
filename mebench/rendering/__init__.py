"""The renderer: faces of people who do not exist, with every action unit, landmark and expression known.

What is here knows identities, poses, light and the camera, and no dataset: `datasets/synth_lv` makes videos from it,
`faces/hog_training` a regressor of action units, and the documentation its pictures. It may import `schema`,
`settings` and `errors` of mebench, beside numpy and OpenCV; nothing of `datasets`, `faces` or any floor above.

`source` gives the frames and the truth of one video, `faces` single faces, `head` one identity ready to move.
"""

"""The renderer behind the `synth_*` datasets."""

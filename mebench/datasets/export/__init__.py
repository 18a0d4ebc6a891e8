"""Writing any dataset in the on-disk layouts of the licence-gated ones, quirks included, so that their loaders read it.

`write.export_dataset` is what `mebench data export` calls; there is one file for each layout. What an export leaves for
the loaders lies in `datasets/export_record`, so no loader imports this package. It may import the modules of `datasets`
other than single datasets, and what those may import.
"""

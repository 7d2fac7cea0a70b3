# SPDX-License-Identifier: Apache-2.0
"""Importers of public datasets; needs nothing but Python. One module for each dataset, all with `read` and `SOURCE`."""

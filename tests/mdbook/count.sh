#!/bin/sh
# A renderer: it stands in its folder and is given the book.
exec wc -c > bytes.txt

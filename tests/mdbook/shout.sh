#!/bin/sh
# A preprocessor: takes [context, book], gives the book, with one word changed.
[ "$1" = supports ] && exit 0
exec sed -e 's/^\[.*},{"items":/{"items":/' -e 's/\]$//' -e 's/whisper/SHOUT/g'

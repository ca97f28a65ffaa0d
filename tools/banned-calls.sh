#!/bin/sh
# Refuses calls that are easy to get wrong. Usage: banned-calls.sh FILE…
#
# What to use instead: g_snprintf or g_strdup_printf, g_strlcpy, g_ascii_strtoll, g_strsplit,
# g_new and g_malloc (which do not return NULL), inos_spawn or GSubprocess, g_mkstemp, g_random_int.
# A line that has to do so all the same says why: /* allowed: … */
set -eu

banned='sprintf|vsprintf|strcpy|strcat|stpcpy|gets|atoi|atol|atoll|atof|strtok|strtok_r|alloca|g_alloca'
banned="$banned|malloc|calloc|realloc|strdup|strndup|system|popen|mktemp|tmpnam|tempnam|rand|srand|random"

[ $# -gt 0 ] || exit 0

# Comments and strings are taken out first, so that prose may name what code may not.
awk -v banned="$banned" '
  FNR == 1 { comment = 0 }
  {
    if ($0 ~ /\/\* allowed: ./) next
    line = $0
    gsub(/\\./, "", line)
    gsub(/"[^"]*"/, "\"\"", line)
    out = ""
    while (line != "") {
      if (comment) {
        end = index(line, "*/")
        if (!end) break
        line = substr(line, end + 2)
        comment = 0
      } else {
        start = index(line, "/*")
        if (!start) { out = out line; break }
        out = out substr(line, 1, start - 1)
        line = substr(line, start + 2)
        comment = 1
      }
    }
    sub(/\/\/.*/, "", out)
    if (match(out, "(^|[^A-Za-z0-9_.>])(" banned ")[ \t]*\\(")) {
      printf "%s:%d: banned call: %s\n", FILENAME, FNR, substr(out, RSTART, RLENGTH)
      found = 1
    }
  }
  END { exit found }
' "$@"

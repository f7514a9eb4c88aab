#!/bin/bash
# Feeds libFuzzer's bytes to everything that reads the text of an expression.
#
#   Tools/Fuzz/expressions.sh [SECONDS]      60 unless said; keeps its corpus in .build/fuzz/corpus
#
# Builds Model, Values and Expressions once more, watched by the fuzzer. Exit 1 on a crash, on an input that
# takes more than 10 seconds, or when memory passes 2 GB; the input is then kept in .build/fuzz.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
out=.build/fuzz
mkdir -p $out/corpus
flags=(-O -swift-version 6 -sanitize=fuzzer -parse-as-library -enable-experimental-feature Lifetimes
  -I $out -Xcc -fmodule-map-file=Sources/CPCRE2/module.modulemap -Xcc -fmodule-map-file=$out/CZones.modulemap)
printf 'module CZones { header "%s/Sources/CZones/include/CZones.h" export * }\n' "$PWD" > $out/CZones.modulemap
clang -O2 -c -o $out/CZones.o Sources/CZones/zones.c -I Sources/CZones/include
for room in Model Values Expressions; do
  swiftc "${flags[@]}" -wmo -module-name $room -emit-module -emit-module-path $out/$room.swiftmodule \
    -c -o $out/$room.o $(find Sources/$room -name '*.swift')
done
swiftc "${flags[@]}" -o $out/expressions Tools/Fuzz/ExpressionText.swift \
  $out/Expressions.o $out/Values.o $out/Model.o $out/CZones.o -lpcre2-8
# The corpus starts from what people write.
grep -ohE '(when|let [a-z_]+ *=) .*' Rules/*.rules docs/language/*.md | sed -E 's/^(when|let [a-z_]+ *=) *//' \
  | awk -v out=$out/corpus '{ print > (out "/seed-" NR); close(out "/seed-" NR) }'
SWIFT_BACKTRACE=enable=no $out/expressions $out/corpus -max_total_time="$seconds" -timeout=10 \
  -rss_limit_mb=2048 -max_len=2048 -artifact_prefix=$out/ -print_final_stats=1

#!/usr/bin/env bash
# Builds dist/ilgpudca (linux-x64) and dist/ilgpudca.exe (win-x64): one self-contained file each, the tiny model inside.
# Untrimmed, so that the kernels' IL stays whole; compiled ahead as well, which a start is a third shorter for; compressed, which keeps each
# file under 60 MB.
set -euo pipefail
cd "$(dirname "$0")"
limit=$((60 * 1000 * 1000))
mkdir -p dist
for target in linux-x64:ilgpudca win-x64:ilgpudca.exe; do
    runtime=${target%%:*} file=${target##*:}
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    dotnet publish src/Cli/Cli.csproj -c Release -r "$runtime" --self-contained true -o "$scratch" \
        -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:EnableCompressionInSingleFile=true -p:IncludeNativeLibrariesForSelfExtract=true -v quiet
    mv -f "$scratch/$file" "dist/$file"
    rm -rf "$scratch"
    size=$(stat -c %s "dist/$file")
    echo "dist/$file: $size bytes"
    if ((size > limit)); then
        echo "dist/$file is larger than $limit bytes" >&2
        exit 1
    fi
done

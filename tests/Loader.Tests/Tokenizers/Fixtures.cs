using System.Text;

namespace IlgpuDca.Loader.Tests;

/// <summary>Tokenizers of every kind: published ones, where they lie beside the repository, and small ones made here.</summary>
static class Fixtures
{
    public static string[] Names { get; } =
        ["llama2.model", "llama2.json", "llama2.bin", "llama2.gguf", "stories.bin", "qwen3", "tiny", "bytes", "metaspace"];

    public static Tokenizer Open(string name) => name switch
    {
        "llama2.model" => TokenizerFiles.Open(Shared("llama2", "tokenizer.model")),
        "llama2.json" => TokenizerFiles.Open(Shared("llama2", "tokenizer.json")),
        "llama2.bin" => TokenizerFiles.Open(Shared("llama2", "tokenizer.bin")),
        "llama2.gguf" => TokenizerFiles.Open(Shared("ggml-vocab-llama-spm.gguf")),
        "stories.bin" => TokenizerFiles.Open(Repository.Shared("fixtures", "stories260K", "tok512.bin")),
        "qwen3" => TokenizerFiles.Open(Shared("qwen3", "tokenizer.json")),
        "tiny" => TokenizerFiles.Open(Path.Combine(Repository.TinyModel, "tokenizer.model")),
        "bytes" => Json(ByteLevel()),
        _ => Json(Metaspace),
    };

    public static string Shared(params string[] parts) => Repository.Shared(["fixtures", "tokenizers", .. parts]);

    public static Tokenizer Json(string text, TokenizerConfig? config = null) =>
        TokenizerFiles.Open(FileBytes.From("tokenizer.json", Encoding.UTF8.GetBytes(text)), config);

    /// <summary>All bytes, a few merges, a control token and an added one.</summary>
    public static string ByteLevel(string regex = @"\\s+(?!\\S)|\\s?\\S+|\\s+", string more = "") => $$$"""
        {"added_tokens":[{"id":260,"content":"<|end|>","special":true,"normalized":false},
        {"id":261,"content":"<think>","special":false}],
        "normalizer":null,
        "pre_tokenizer":{"type":"Sequence","pretokenizers":[
        {"type":"Split","pattern":{"Regex":"{{{regex}}}"},"behavior":"Isolated","invert":false},
        {"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]},
        "decoder":{"type":"ByteLevel"},
        "model":{"type":"BPE",{{{more}}}"vocab":{{{{Bytes()}}},"ab":256,"abc":257,"bc":258,"Ġa":259},
        "merges":["b c","a b",["ab","c"],"Ġ a"]}}
        """;

    /// <summary>Characters with the Metaspace pre-tokenizer, byte fallback, and a merge.</summary>
    public static string Metaspace => $$$"""
        {"added_tokens":[{"id":0,"content":"<unk>","special":true},{"id":1,"content":"<s>","special":true}],
        "pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true},
        "decoder":{"type":"Metaspace","replacement":"▁","prepend_scheme":"first"},
        "model":{"type":"BPE","byte_fallback":true,"fuse_unk":true,"unk_token":"<unk>",
        "vocab":{"<unk>":0,"<s>":1,{{{string.Join(',', Enumerable.Range(0, 256).Select(value => $"\"<0x{value:X2}>\":{value + 2}"))}}},
        "▁":258,"a":259,"b":260,"▁a":261,"▁ab":262},
        "merges":["▁ a","▁a b"]}}
        """;

    static string Bytes() => string.Join(',', Enumerable.Range(0, 256).Select(value =>
        $"{System.Text.Json.JsonSerializer.Serialize(ByteAlphabet.CharacterOf((byte)value).ToString())}:{value}"));
}

namespace IlgpuDca.Loader;

/// <summary>Names of tensors in GGUF files and in Hugging Face models.</summary>
static class GgufNames
{
    /// <summary>The embedding.</summary>
    public const string Embedding = "token_embd.weight";

    /// <summary>The output matrix; absent where it is the embedding.</summary>
    public const string Output = "output.weight";

    /// <summary>Factors by which RoPE's frequencies are divided; part of the config, not of the weights.</summary>
    public const string RopeFactors = "rope_freqs.weight";

    /// <summary>How the stacked matrices of experts end.</summary>
    public const string ExpertsEnding = "_exps.weight";

    const string LayerPrefix = "blk.";

    static readonly Dictionary<string, string> OfModel = new()
    {
        [Embedding] = "model.embed_tokens.weight",
        ["output_norm.weight"] = "model.norm.weight",
        [Output] = "lm_head.weight",
    };

    static readonly Dictionary<string, string> OfLayer = new()
    {
        ["attn_norm"] = "input_layernorm",
        ["attn_q"] = "self_attn.q_proj",
        ["attn_k"] = "self_attn.k_proj",
        ["attn_v"] = "self_attn.v_proj",
        ["attn_output"] = "self_attn.o_proj",
        ["attn_q_norm"] = "self_attn.q_norm",
        ["attn_k_norm"] = "self_attn.k_norm",
        ["ffn_norm"] = "post_attention_layernorm",
        ["ffn_gate"] = "mlp.gate_proj",
        ["ffn_up"] = "mlp.up_proj",
        ["ffn_down"] = "mlp.down_proj",
        ["ffn_gate_inp"] = "mlp.gate",
        ["ffn_gate_exps"] = "mlp.experts.{0}.gate_proj",
        ["ffn_up_exps"] = "mlp.experts.{0}.up_proj",
        ["ffn_down_exps"] = "mlp.experts.{0}.down_proj",
    };

    /// <summary>
    /// The name in a Hugging Face model, with <c>{0}</c> for an expert's number; the name itself where it is unknown.
    /// </summary>
    public static string HuggingFace(string name)
    {
        if (OfModel.TryGetValue(name, out string? found))
            return found;
        string[] parts = name.Split('.');
        return parts is ["blk", { } layer, { } part, "weight" or "bias"] && layer.All(char.IsAsciiDigit)
            && OfLayer.TryGetValue(part, out found)
            ? $"model.layers.{layer}.{found}.{parts[3]}"
            : name;
    }

    /// <summary>The name in a GGUF file of what a Hugging Face model calls so; null where there is none.</summary>
    public static string? Gguf(string huggingFace)
    {
        foreach ((string gguf, string name) in OfModel)
        {
            if (name == huggingFace)
                return gguf;
        }
        string[] parts = huggingFace.Split('.', 4);
        if (parts is not ["model", "layers", _, _] || parts[3].LastIndexOf('.') is not (> 0 and var dot))
            return null;
        foreach ((string gguf, string name) in OfLayer)
        {
            if (name == parts[3][..dot])
                return $"{LayerPrefix}{parts[2]}.{gguf}{parts[3][dot..]}";
        }
        return null;
    }

    /// <summary>Whether it is a query or key matrix or bias, whose rows RoPE rotates in pairs.</summary>
    public static bool IsRotated(string name) =>
        name.StartsWith(LayerPrefix, StringComparison.Ordinal)
        && name[(name.IndexOf('.', LayerPrefix.Length) + 1)..]
            is "attn_q.weight" or "attn_k.weight" or "attn_q.bias" or "attn_k.bias";
}

namespace IlgpuDca.Loader;

/// <summary>An architecture of GGUF files and its names in config.json.</summary>
/// <param name="Name">general.architecture, with which the keys begin.</param>
/// <param name="ModelType">model_type.</param>
/// <param name="ClassName">The entry of architectures.</param>
/// <param name="InterleavesHeads">Whether query and key rows are stored as pairs.</param>
sealed record GgufArchitecture(string Name, string ModelType, string ClassName, bool InterleavesHeads)
{
    const string Key = "general.architecture";

    static readonly GgufArchitecture[] Known =
    [
        new("llama", "llama", "LlamaForCausalLM", true),
        new("qwen2", "qwen2", "Qwen2ForCausalLM", false),
        new("qwen3", "qwen3", "Qwen3ForCausalLM", false),
        new("qwen3moe", "qwen3_moe", "Qwen3MoeForCausalLM", false),
    ];

    /// <summary>The architecture of a file; its window of attention and its experts tell Llama's kin apart.</summary>
    public static GgufArchitecture Of(GgufMetadata metadata)
    {
        string name = metadata.Text(Key) ?? throw metadata.Fault(Key, $"is absent, expected one of {List()}");
        GgufArchitecture known = Array.Find(Known, known => known.Name == name)
            ?? throw metadata.Fault(Key, $"is {ModelFormatException.Quote(name)}, expected one of {List()}");
        if (name != "llama")
            return known;
        if (metadata.Integer("llama.expert_count") is > 0)
            return known with { ModelType = "mixtral", ClassName = "MixtralForCausalLM" };
        return metadata.Has("llama.attention.sliding_window")
            ? known with { ModelType = "mistral", ClassName = "MistralForCausalLM" } : known;
    }

    static string List() => string.Join(", ", Known.Select(known => known.Name));
}

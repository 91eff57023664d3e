using System.Collections.Immutable;

namespace IlgpuDca.Loader;

/// <summary>What sets an architecture of Llama's kin apart. A new one is a line in <see cref="All"/>, if these traits describe it.</summary>
/// <param name="Name">As <c>architectures</c> of config.json has it.</param>
/// <param name="ModelType">As <c>model_type</c> has it.</param>
/// <param name="HasQkvBias">Whether the query, key and value projections have biases.</param>
/// <param name="HasHeadNorms">Whether each head's query and key pass an RMSNorm before their rotation.</param>
/// <param name="Window">Whether a sliding window bounds how far back queries see, and in which layers.</param>
/// <param name="HasExperts">Whether layers have a mixture of experts in place of one feed-forward block.</param>
/// <param name="HasBiasKey">Whether <c>attention_bias</c> gives all four projections of attention biases.</param>
sealed record Architecture(string Name, string ModelType, bool HasQkvBias = false, bool HasHeadNorms = false, WindowUse Window = WindowUse.None, bool HasExperts = false, bool HasBiasKey = false)
{
    /// <summary>Those that can be run.</summary>
    public static ImmutableArray<Architecture> All { get; } =
    [
        new("LlamaForCausalLM", "llama", HasBiasKey: true),
        new("MistralForCausalLM", "mistral", Window: WindowUse.Always),
        new("Qwen2ForCausalLM", "qwen2", HasQkvBias: true, Window: WindowUse.Switched),
        new("Qwen3ForCausalLM", "qwen3", HasHeadNorms: true, Window: WindowUse.Switched, HasBiasKey: true),
        new("Qwen3MoeForCausalLM", "qwen3_moe", HasHeadNorms: true, HasExperts: true, HasBiasKey: true),
    ];

    /// <summary>The config's architecture; throws where it is none of these.</summary>
    public static Architecture Read(ConfigObject config)
    {
        string[] named = config.Texts("architectures", 8);
        string? type = config.Text("model_type");
        string supported = string.Join(", ", All.Select(one => one.Name));
        if (named.Length == 0 && type is null)
            throw config.Fault("architectures", $"is missing, expected one of {supported}");
        string key = named.Length > 0 ? "architectures" : "model_type";
        Architecture? found = All.FirstOrDefault(one => named.Length > 0 ? one.Name == named[0] : one.ModelType == type);
        if (found is null)
            throw config.Fault(key, $"is {ModelFormatException.Quote(named.Length > 0 ? named[0] : type!)}, supported: {supported}");
        if (type is not null && type != found.ModelType)
            throw config.Fault("model_type", $"is {ModelFormatException.Quote(type)}, expected '{found.ModelType}' for {found.Name}");
        return found;
    }
}

using System.Collections.Immutable;

namespace IlgpuDca.Loader;

/// <summary>The mixture of experts of config.json.</summary>
/// <param name="Count">num_experts, or num_local_experts: experts of a layer.</param>
/// <param name="PerToken">num_experts_per_tok: how many of them each token passes.</param>
/// <param name="IntermediateSize">moe_intermediate_size: width of an expert; a multiple of 8.</param>
/// <param name="Renormalises">norm_topk_prob: whether the weights of a token's experts add up to 1.</param>
/// <param name="Step">decoder_sparse_step: every so many layers has experts, the last of each run.</param>
/// <param name="DenseLayers">mlp_only_layers: layers that have none although the step gives them some.</param>
public sealed record ExpertConfig(int Count, int PerToken, int IntermediateSize, bool Renormalises, int Step, ImmutableArray<int> DenseLayers)
{
    const int MostExperts = 4_096;
    const int MostPerToken = 32;
    const int LargestIntermediate = 1 << 20;

    /// <summary>Whether a layer has experts in place of one feed-forward block.</summary>
    /// <param name="layer">From 0.</param>
    public bool IsIn(int layer) => (layer + 1) % Step == 0 && !DenseLayers.Contains(layer);

    /// <summary>Reads the keys; throws <see cref="ModelFormatException"/>.</summary>
    /// <param name="config">The root.</param>
    /// <param name="layers">num_hidden_layers.</param>
    /// <param name="hidden">hidden_size.</param>
    internal static ExpertConfig Read(ConfigObject config, int layers, int hidden)
    {
        if (config.Has("shared_expert_intermediate_size") && config.Integer("shared_expert_intermediate_size", 0, LargestIntermediate) > 0)
            throw config.Fault("shared_expert_intermediate_size", "is above 0, but experts that all tokens share are not supported, expected 0");
        string countKey = config.Has("num_experts") ? "num_experts" : "num_local_experts";
        int count = config.Integer(countKey, 1, MostExperts);
        if (countKey == "num_experts" && config.Has("num_local_experts") && config.Integer("num_local_experts", 1, MostExperts) is var local && local != count)
            throw config.Fault("num_local_experts", $"is {local}, but num_experts is {count}, expected one value");
        int perToken = config.Integer("num_experts_per_tok", 1, MostPerToken);
        if (perToken > count)
            throw config.Fault("num_experts_per_tok", $"is {perToken}, expected at most {countKey} {count}");
        int intermediate = config.Integer("moe_intermediate_size", 8, LargestIntermediate);
        if (intermediate % 8 != 0)
            throw config.Fault("moe_intermediate_size", $"is {intermediate}, expected a multiple of 8");
        if (hidden % 8 != 0)
            throw config.Fault("hidden_size", $"is {hidden}, expected a multiple of 8 in a model with experts");
        ExpertConfig experts = new(count, perToken, intermediate, config.Flag("norm_topk_prob", false),
            config.Integer("decoder_sparse_step", 1, layers, 1), [.. config.Integers("mlp_only_layers", layers, 0, layers - 1)]);
        return Enumerable.Range(0, layers).Any(experts.IsIn) ? experts
            : throw config.Fault("mlp_only_layers", $"and decoder_sparse_step {experts.Step} leave no layer with experts, expected one or more");
    }
}

namespace IlgpuDca.Kernels.Sampling;

/// <summary>
/// How the next token is drawn, with llama.cpp's meanings and order: penalties, top-k, top-p, min-p, temperature. A temperature
/// of 0 takes the largest logit.
/// </summary>
public readonly record struct SamplingOptions
{
    public SamplingOptions()
    {
    }

    /// <summary>What logits are divided by before the draw; 0 or less: the largest is taken.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>The largest logits that stay; 0: all. Ties with the last of them stay too.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>The most probable tokens stay until their probabilities reach this; 1: all.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Tokens stay that are at least this times as probable as the most probable; 0: all.</summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>Logits of recent tokens are divided by this where positive, multiplied where negative; 1: unchanged.</summary>
    public float RepeatPenalty { get; init; } = 1f;

    /// <summary>Recent tokens that the penalties look at.</summary>
    public int RepeatLastN { get; init; } = 64;

    /// <summary>Taken off the logit of every recent token.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Taken off the logit of a recent token for each time it occurred.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>The generator's key; the counter is the token's position.</summary>
    public ulong Seed { get; init; }

    /// <summary>The largest logit, whatever else is set.</summary>
    public static readonly SamplingOptions Greedy = new() { Temperature = 0f };

    /// <summary>Whether any penalty changes a logit.</summary>
    public bool HasPenalties => RepeatLastN > 0 && (RepeatPenalty != 1f || PresencePenalty != 0f || FrequencyPenalty != 0f);
}

using System.Globalization;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Chat;

/// <summary>What /set parameter changes, under Ollama's names.</summary>
sealed class ChatParameters(SamplingOptions sampling, int predict)
{
    /// <summary>All names, for messages.</summary>
    public const string Names = "temperature, top_k, top_p, min_p, repeat_penalty, repeat_last_n, presence_penalty, frequency_penalty, seed, num_predict";

    public SamplingOptions Sampling { get; private set; } = sampling;

    /// <summary>Most tokens of an answer; -1: until the context is full.</summary>
    public int Predict { get; private set; } = predict;

    /// <summary>Sets one; throws <see cref="UsageException"/>.</summary>
    public void Set(string name, string text)
    {
        switch (name)
        {
            case "temperature" or "temp":
                Sampling = Sampling with { Temperature = Number(name, text, 0, 1e6f) };
                break;
            case "top_k":
                Sampling = Sampling with { TopK = (int)Whole(name, text, 0, int.MaxValue) };
                break;
            case "top_p":
                Sampling = Sampling with { TopP = Number(name, text, 0, 1) };
                break;
            case "min_p":
                Sampling = Sampling with { MinP = Number(name, text, 0, 1) };
                break;
            case "repeat_penalty":
                Sampling = Sampling with { RepeatPenalty = Number(name, text, 1e-3f, 1e3f) };
                break;
            case "repeat_last_n":
                int lastN = (int)Whole(name, text, -1, int.MaxValue);
                Sampling = Sampling with { RepeatLastN = lastN < 0 ? int.MaxValue : lastN };
                break;
            case "presence_penalty":
                Sampling = Sampling with { PresencePenalty = Number(name, text, -1e6f, 1e6f) };
                break;
            case "frequency_penalty":
                Sampling = Sampling with { FrequencyPenalty = Number(name, text, -1e6f, 1e6f) };
                break;
            case "seed":
                Sampling = Sampling with { Seed = (ulong)Whole(name, text, 0, long.MaxValue) };
                break;
            case "num_predict" or "predict":
                Predict = (int)Whole(name, text, -1, int.MaxValue / 4);
                break;
            default:
                throw new UsageException($"there is no parameter '{name}': known are {Names}.");
        }
    }

    /// <summary>All with their values, a line each.</summary>
    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"""
        temperature {Sampling.Temperature}
        top_k {Sampling.TopK}
        top_p {Sampling.TopP}
        min_p {Sampling.MinP}
        repeat_penalty {Sampling.RepeatPenalty}
        repeat_last_n {Sampling.RepeatLastN}
        presence_penalty {Sampling.PresencePenalty}
        frequency_penalty {Sampling.FrequencyPenalty}
        seed {Sampling.Seed}
        num_predict {Predict}
        """);

    static float Number(string name, string text, float least, float most) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value >= least && value <= most ? value
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}', but must be a number from {least} to {most}."));

    static long Whole(string name, string text, long least, long most) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most ? value
        : throw new UsageException($"{name} is '{text}', but must be a whole number from {least} to {most}.");
}

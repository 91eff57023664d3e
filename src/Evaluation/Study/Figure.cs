namespace IlgpuDca.Evaluation.Study;

/// <summary>Names of <see cref="StudyMeasure.Figures"/>.</summary>
public static class Figure
{
    /// <summary>e to the mean negative log-likelihood.</summary>
    public const string Perplexity = "perplexity";

    /// <summary>Mean negative log-likelihood of a token, in nats.</summary>
    public const string Nll = "nll";

    /// <summary>Standard error of <see cref="Nll"/>, in nats.</summary>
    public const string NllError = "nll_error";

    /// <summary>Predictions that were scored.</summary>
    public const string Tokens = "tokens";

    /// <summary>Part of the answers that were found, 0 to 1.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>Answers found.</summary>
    public const string Correct = "correct";

    /// <summary>Answers asked for.</summary>
    public const string Trials = "trials";

    /// <summary>Mean seconds of a prompt.</summary>
    public const string Seconds = "seconds";

    /// <summary>Standard deviation of <see cref="Seconds"/>, to first order from that of the rates.</summary>
    public const string SecondsDeviation = "seconds_deviation";

    /// <summary>Mean milliseconds of a token that is generated after the prompt.</summary>
    public const string TokenMilliseconds = "token_ms";

    /// <summary>Bytes of weights, cache and work buffers.</summary>
    public const string Bytes = "bytes";
}

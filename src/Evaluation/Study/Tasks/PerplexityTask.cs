using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation.Study.Tasks;

/// <summary>Perplexity of a text's beginning, in windows of the cell's length.</summary>
/// <param name="Text">The text.</param>
/// <param name="Tokens">Tokens from the start.</param>
/// <param name="Settings">The protocol.</param>
public sealed record PerplexityTask(StudyText Text, int Tokens, PerplexitySettings Settings) : IStudyTask
{
    public string Kind => "perplexity";

    public string Setting => $"perplexity text={Text.Mark} tokens={Tokens} protocol={Settings}";

    public string Title => $"Perplexity of {Text.Name}";

    public bool Draws => false;

    public StudyMeasure Run(Engine engine, AttentionPlan plan, int length, ulong seed, IProgress<double> progress, CancellationToken cancellation)
    {
        ITokenizer tokenizer = engine.Tokenizer ?? throw new UsageException("perplexity needs a model with a tokenizer.");
        int[] ids = tokenizer.Encode(Text.Content, addBos: true);
        if (ids.Length <= Tokens)
            throw new UsageException($"{Text.Name} has {ids.Length - 1} tokens to predict, but {Tokens} were asked for: give a longer text or fewer tokens.");
        if (length > Tokens)
            throw new UsageException($"windows of {length} tokens don't fit in {Tokens} tokens: raise 'tokens', or leave the length out.");
        ids = ids[..(Tokens + 1)];
        long total = Settings.Windows(ids.Length, length).Sum(window => (long)window.Tokens);
        PerplexityResult result = Perplexity.Measure(engine, plan, ids, length, Settings, tokenizer.BosId, new Share(progress, total), null, cancellation);
        return new StudyMeasure
        {
            Figures = new Dictionary<string, double>
            {
                [Figure.Perplexity] = result.Perplexity,
                [Figure.Nll] = result.MeanNll,
                [Figure.NllError] = result.StandardError,
                [Figure.Tokens] = result.Tokens,
            },
            Curve = [.. result.Curve.Select(point => new DistancePoint((point.From + point.To - 1) / 2d, point.MeanNll))],
        };
    }

    /// <summary>From tokens to a part.</summary>
    sealed class Share(IProgress<double> target, long total) : IProgress<long>
    {
        public void Report(long value) => target.Report((double)value / total);
    }
}

namespace IlgpuDca.Evaluation;

/// <summary>Trials of one length at one depth.</summary>
/// <param name="Length">Tokens, as asked for.</param>
/// <param name="Depth">0 to 1.</param>
/// <param name="Correct">Answers found; a trial with several questions counts each.</param>
/// <param name="Trials">All questions that were asked.</param>
/// <param name="MeanTokens">Mean tokens of text, question and answer.</param>
public readonly record struct RetrievalCell(int Length, double Depth, int Correct, int Trials, double MeanTokens)
{
    /// <summary>The part of the questions that were answered rightly.</summary>
    public double Accuracy => (double)Correct / Trials;

    /// <summary>Puts neighbours of the same length and depth together.</summary>
    public static IReadOnlyList<RetrievalCell> Merge(IEnumerable<RetrievalCell> cells)
    {
        List<RetrievalCell> merged = [];
        foreach (RetrievalCell cell in cells)
            if (merged.Count > 0 && merged[^1] is var last && last.Length == cell.Length && last.Depth == cell.Depth)
                merged[^1] = last with
                {
                    Correct = last.Correct + cell.Correct,
                    Trials = last.Trials + cell.Trials,
                    MeanTokens = (last.MeanTokens * last.Trials + cell.MeanTokens * cell.Trials)
                        / (last.Trials + cell.Trials),
                };
            else
                merged.Add(cell);
        return merged;
    }
}

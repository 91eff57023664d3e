namespace IlgpuDca.Evaluation;

/// <summary>A long text and questions about it, each asked right after it as if it were the only one.</summary>
/// <param name="Text">The text's ids, with the one that begins texts.</param>
/// <param name="Questions">At least one.</param>
public sealed record RetrievalPrompt(int[] Text, IReadOnlyList<RetrievalQuestion> Questions)
{
    /// <summary>Tokens of the text with its longest question and answer.</summary>
    public int Length => Text.Length + Questions.Max(question => question.Length);
}

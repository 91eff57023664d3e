namespace IlgpuDca.Evaluation;

/// <summary>A question about the text before it.</summary>
/// <param name="Ids">The question, at least one id.</param>
/// <param name="Answer">The ids that must follow.</param>
/// <param name="Wrong">Other answers of the same form, for scoring by likelihood.</param>
public sealed record RetrievalQuestion(int[] Ids, int[] Answer, IReadOnlyList<int[]> Wrong)
{
    /// <summary>Tokens of the question with its longest answer, right or wrong.</summary>
    public int Length => Ids.Length + Wrong.Append(Answer).Max(answer => answer.Length);
}

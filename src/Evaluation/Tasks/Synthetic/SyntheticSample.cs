namespace IlgpuDca.Evaluation;

/// <summary>One prompt of a synthetic task.</summary>
/// <param name="Prompt">Its ids, at least one.</param>
/// <param name="References">The strings that a right answer contains.</param>
/// <param name="Answer">The ids of the right answer.</param>
/// <param name="Wrong">The ids of wrong ones.</param>
/// <param name="Predict">Tokens that a model may write.</param>
public sealed record SyntheticSample(int[] Prompt, IReadOnlyList<string> References, int[] Answer, IReadOnlyList<int[]> Wrong,
    int Predict)
{
    /// <summary>Tokens of the prompt with the longest thing that may follow.</summary>
    public int Length => Prompt.Length + Math.Max(Predict, Wrong.Append(Answer).Max(answer => answer.Length));
}

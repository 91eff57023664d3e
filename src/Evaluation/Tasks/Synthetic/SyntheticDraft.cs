namespace IlgpuDca.Evaluation;

/// <summary>A synthetic prompt before it is known whether it has the right length.</summary>
/// <param name="Message">The text and the question.</param>
/// <param name="Opening">What the answer begins with, after a space and without one at the end.</param>
/// <param name="References">The strings that a right answer contains.</param>
/// <param name="Wrong">Other answers of the same form, each as many strings.</param>
public sealed record SyntheticDraft(string Message, string Opening, IReadOnlyList<string> References,
    IReadOnlyList<IReadOnlyList<string>> Wrong)
{
    /// <summary>Strings as an answer lists them.</summary>
    public static string Join(IReadOnlyList<string> strings) => string.Join(", ", strings);
}

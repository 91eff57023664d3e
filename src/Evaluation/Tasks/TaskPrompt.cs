namespace IlgpuDca.Evaluation;

/// <summary>A question as it is asked.</summary>
/// <param name="Question">The file's line.</param>
/// <param name="Ids">The prompt, at least one id.</param>
/// <param name="DroppedWords">Words that were cut off the document.</param>
public sealed record TaskPrompt(TaskQuestion Question, int[] Ids, int DroppedWords);

namespace IlgpuDca.Evaluation;

/// <summary>A question with its answer, shown before the one that is asked.</summary>
public readonly record struct TaskExample(string Question, string Answer);

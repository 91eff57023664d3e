namespace IlgpuDca.Evaluation;

/// <summary>One line of a task's file.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Task">The task it belongs to.</param>
/// <param name="Document">What the question is about; may be empty.</param>
/// <param name="Examples">Shots; may be none.</param>
/// <param name="Question">What is asked.</param>
/// <param name="Answers">Right answers, at least one.</param>
/// <param name="Metric">How the answer is scored.</param>
public sealed record TaskQuestion(int Line, string Task, string Document, IReadOnlyList<TaskExample> Examples, string Question,
    IReadOnlyList<string> Answers, IMetric Metric);

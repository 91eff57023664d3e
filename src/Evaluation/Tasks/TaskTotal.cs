namespace IlgpuDca.Evaluation;

/// <summary>A task's score by one metric.</summary>
/// <param name="Task">Its name.</param>
/// <param name="Metric">The metric's.</param>
/// <param name="Questions">How many were asked.</param>
/// <param name="Score">0 to 1.</param>
public readonly record struct TaskTotal(string Task, string Metric, int Questions, double Score)
{
    /// <summary>The totals of outcomes, in the order in which tasks and metrics first appear.</summary>
    public static IReadOnlyList<TaskTotal> Of(IEnumerable<TaskOutcome> outcomes) =>
    [
        .. outcomes.GroupBy(outcome => (outcome.Prompt.Question.Task, outcome.Prompt.Question.Metric))
            .Select(group => new TaskTotal(group.Key.Task, group.Key.Metric.Name, group.Count(),
                group.Key.Metric.Total([.. group.Select(outcome => outcome.Parts)]))),
    ];
}

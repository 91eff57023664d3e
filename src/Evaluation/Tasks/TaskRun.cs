using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation;

/// <summary>Asks a model the questions of a task.</summary>
public static class TaskRun
{
    /// <summary>Asks all questions.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention of every prompt.</param>
    /// <param name="prompts">The questions.</param>
    /// <param name="predict">Most tokens of an answer.</param>
    /// <param name="finished">Told of each outcome as it is there; may be null.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellation">Looked at between slices and tokens.</param>
    public static IReadOnlyList<TaskOutcome> Measure(Engine engine, AttentionPlan plan, IReadOnlyList<TaskPrompt> prompts, int predict,
        Action<TaskOutcome>? finished = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        List<TaskOutcome> outcomes = [];
        foreach (TaskPrompt prompt in prompts)
        {
            int tokens = prompt.Ids.Length + predict;
            using TextSession session = engine.Begin(plan, tokens);
            session.Append(prompt.Ids, new PartProgress(progress, outcomes.Count, prompts.Count, tokens), cancellation);
            string answer = FirstPiece(Answering.Write(engine, session, predict, BeginsNextQuestion, cancellation));
            TaskOutcome outcome = new(prompt, answer, prompt.Question.Metric.Parts(answer, prompt.Question.Answers));
            outcomes.Add(outcome);
            finished?.Invoke(outcome);
        }
        return outcomes;
    }

    /// <summary>What a model said before it began the next question: the first piece between such beginnings that is not blank.</summary>
    public static string FirstPiece(string text) =>
        text.Split(TaskPrompts.QuestionMark).Select(piece => piece.Trim()).FirstOrDefault(piece => piece.Length > 0) ?? "";

    static bool BeginsNextQuestion(string text) =>
        text.LastIndexOf(TaskPrompts.QuestionMark, StringComparison.Ordinal) is >= 0 and var at && FirstPiece(text[..at]).Length > 0;
}

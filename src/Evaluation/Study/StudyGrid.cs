namespace IlgpuDca.Evaluation.Study;

/// <summary>A declared grid: every model with every method on every task at every length.</summary>
public sealed record StudyGrid
{
    /// <summary>What the study is called.</summary>
    public required string Title { get; init; }

    /// <summary>What it asks, in a sentence or two; may be empty.</summary>
    public required string Question { get; init; }

    /// <summary>"tiny", the path of a model, or "shape:NAME" for random weights of a known model's sizes.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Names with changes, as --method takes them.</summary>
    public required IReadOnlyList<Method> Methods { get; init; }

    /// <summary>In tokens.</summary>
    public required IReadOnlyList<int> Lengths { get; init; }

    /// <summary>What is measured.</summary>
    public required IReadOnlyList<IStudyTask> Tasks { get; init; }

    /// <summary>What draws keys and facts; tasks that draw nothing run once.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Every cell, models outermost so that each is loaded once.</summary>
    public IReadOnlyList<StudyCell> Cells() =>
    [
        .. from model in Models
           from task in Tasks
           from length in Lengths
           from method in Methods
           from seed in task.Draws ? Seeds : [0UL]
           select new StudyCell(new CellSetting(model, task.Setting, method.ToString(), length, seed), task, method),
    ];
}

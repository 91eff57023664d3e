using IlgpuDca.Model;

namespace IlgpuDca.Evaluation.Study;

/// <summary>Runs the cells of a grid that are not stored yet.</summary>
public static class StudyRunner
{
    /// <summary>Runs to the end, or until it is cancelled: what was finished stays stored.</summary>
    /// <param name="grid">The study.</param>
    /// <param name="store">Cells that are there are not run again, but for those that failed.</param>
    /// <param name="models">Opened only where a cell of theirs is missing.</param>
    /// <param name="progress">Gets the cells done, the part of the one that runs among them.</param>
    /// <param name="started">Told of each cell that begins.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    public static void Run(StudyGrid grid, CellStore store, IStudyModels models, IProgress<double>? progress = null,
        Action<StudyCell>? started = null, CancellationToken cancellation = default)
    {
        StudyCell[] missing = [.. grid.Cells().Where(cell => !store.Records.TryGetValue(cell.Setting, out CellRecord? record) || record.Error is not null)];
        Engine? engine = null;
        string? open = null;
        for (int i = 0; i < missing.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            StudyCell cell = missing[i];
            started?.Invoke(cell);
            if (engine is null || open != cell.Setting.Model)
                (engine, open) = (models.Open(cell.Setting.Model, cancellation), cell.Setting.Model);
            store.Add(Measure(cell, engine, new Part(progress, i, missing.Length), cancellation));
            progress?.Report((i + 1d) / missing.Length);
        }
    }

    static CellRecord Measure(StudyCell cell, Engine engine, IProgress<double> progress, CancellationToken cancellation)
    {
        string device = $"{engine.Device.Name}, {(engine.Mode == ComputeMode.Float32 ? "float32" : "bf16")}";
        CellSetting setting = cell.Setting;
        try
        {
            StudyMeasure measure = cell.Task.Run(engine, cell.Method.Plan(engine.Config, setting.Length), setting.Length, setting.Seed, progress, cancellation);
            return new CellRecord(setting, device, measure, null);
        }
        catch (Exception exception) when (exception is ContextExceededException or UsageException)
        {
            return new CellRecord(setting, device, null, exception.Message);
        }
    }

    /// <summary>A cell's share of the whole.</summary>
    sealed class Part(IProgress<double>? target, int before, int all) : IProgress<double>
    {
        public void Report(double value) => target?.Report((before + value) / all);
    }
}

using IlgpuDca.Evaluation.Study;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>The stored cells of a grid, seeds put together.</summary>
sealed class StudyResults
{
    readonly ILookup<(string Model, string Task, string Method, int Length), CellRecord> _cells;

    public StudyResults(StudyGrid grid, IReadOnlyDictionary<CellSetting, CellRecord> records)
    {
        Grid = grid;
        Methods = [.. grid.Methods.Select(method => method.ToString())];
        Lengths = [.. grid.Lengths.Order()];
        CellSetting[] cells = [.. grid.Cells().Select(cell => cell.Setting)];
        CellRecord[] stored = [.. cells.Where(records.ContainsKey).Select(cell => records[cell])];
        Missing = cells.Length - stored.Length;
        Failed = [.. stored.Where(record => record.Error is not null)];
        Devices = [.. stored.Select(record => record.Device).Distinct()];
        _cells = stored.Where(record => record.Measure is not null)
            .ToLookup(record => (record.Setting.Model, record.Setting.Task, record.Setting.Method, record.Setting.Length));
    }

    public StudyGrid Grid { get; }

    /// <summary>In the study's order.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>Ascending.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Cells that were not run.</summary>
    public int Missing { get; }

    public IReadOnlyList<CellRecord> Failed { get; }

    public IReadOnlyList<string> Devices { get; }

    /// <summary>The mean of a figure over the seeds; null where there is none.</summary>
    public double? Value(string model, IStudyTask task, string method, int length, string figure)
    {
        double[] values = [.. Cells(model, task, method, length).Select(cell => cell.Value(figure)).OfType<double>()];
        return values.Length == 0 ? null : values.Average();
    }

    /// <summary>The sum of a count over the seeds; null where there is none.</summary>
    public double? Sum(string model, IStudyTask task, string method, int length, string figure) =>
        Value(model, task, method, length, figure) * Cells(model, task, method, length).Count();

    /// <summary>The curve of nll by distance, of the first seed; empty where there is none.</summary>
    public IReadOnlyList<DistancePoint> Curve(string model, IStudyTask task, string method, int length) =>
        Cells(model, task, method, length).FirstOrDefault()?.Measure?.Curve ?? [];

    /// <summary>What was found at each depth, over all seeds.</summary>
    public IReadOnlyList<DepthPoint> Depths(string model, IStudyTask task, string method, int length) =>
    [
        .. Cells(model, task, method, length).SelectMany(cell => cell.Measure!.Depths).GroupBy(point => point.Depth)
            .Select(points => new DepthPoint(points.Key, points.Sum(point => point.Correct), points.Sum(point => point.Trials))),
    ];

    IEnumerable<CellRecord> Cells(string model, IStudyTask task, string method, int length) => _cells[(model, task.Setting, method, length)];
}

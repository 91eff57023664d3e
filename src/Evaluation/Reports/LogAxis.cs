using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>A logarithmic axis whose ticks are the values of the study, or round numbers.</summary>
/// <param name="values">Values that get a tick, in ascending order; null: by powers.</param>
sealed class LogAxis(IReadOnlyList<double>? values) : LogarithmicAxis
{
    /// <summary>As far apart as labels of lengths must be, as a factor.</summary>
    const double Apart = 1.6;

    const int MostTicks = 8;

    static readonly double[][] _grids =
    [
        [.. Enumerable.Range(10, 90).Select(tenths => tenths / 10d)],
        [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9],
        [1, 1.5, 2, 3, 4, 5, 6, 8],
        [1, 2, 5],
        [1],
    ];

    public override void GetTickValues(out IList<double> majorLabelValues, out IList<double> majorTickValues, out IList<double> minorTickValues)
    {
        minorTickValues = [];
        majorTickValues = values is null ? Powers() : [.. values];
        majorLabelValues = values is null ? majorTickValues : Labels(values);
    }

    protected override string FormatValueOverride(double x) => x.ToString(x >= 10 ? "#,0.#" : "0.###", CultureInfo.InvariantCulture);

    /// <summary>The finest of the grids that doesn't crowd the axis.</summary>
    List<double> Powers()
    {
        List<double> ticks = [];
        foreach (double[] grid in _grids)
        {
            ticks = [];
            for (int power = (int)Math.Floor(Math.Log10(ClipMinimum)); power <= Math.Ceiling(Math.Log10(ClipMaximum)); power++)
                foreach (double step in grid)
                    if (step * Math.Pow(10, power) is var tick && tick >= ClipMinimum * (1 - 1e-9) && tick <= ClipMaximum * (1 + 1e-9))
                        ticks.Add(tick);
            if (ticks.Count <= MostTicks)
                break;
        }
        return ticks;
    }

    static List<double> Labels(IReadOnlyList<double> values)
    {
        List<double> labels = [];
        foreach (double value in values)
            if (labels.Count == 0 || value >= labels[^1] * Apart)
                labels.Add(value);
        return labels;
    }
}

using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>A logarithmic axis whose ticks are the values of the study, or 1, 2 and 5 times powers of ten.</summary>
/// <param name="values">Values that get a tick, in ascending order; null: by powers.</param>
sealed class LogAxis(IReadOnlyList<double>? values) : LogarithmicAxis
{
    /// <summary>As far apart as labels of lengths must be, as a factor.</summary>
    const double Apart = 1.6;

    public override void GetTickValues(out IList<double> majorLabelValues, out IList<double> majorTickValues, out IList<double> minorTickValues)
    {
        minorTickValues = [];
        majorTickValues = values is null ? Powers() : [.. values];
        majorLabelValues = values is null ? majorTickValues : Labels(values);
    }

    protected override string FormatValueOverride(double x) => x.ToString(x >= 10 ? "#,0.#" : "0.###", CultureInfo.InvariantCulture);

    List<double> Powers()
    {
        double[] steps = ClipMaximum / ClipMinimum > 2000 ? [1] : ClipMaximum / ClipMinimum > 3 ? [1, 2, 5] : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9];
        List<double> ticks = [];
        for (int power = (int)Math.Floor(Math.Log10(ClipMinimum)); power <= Math.Ceiling(Math.Log10(ClipMaximum)); power++)
            foreach (double step in steps)
                if (step * Math.Pow(10, power) is var tick && tick >= ClipMinimum * (1 - 1e-9) && tick <= ClipMaximum * (1 + 1e-9))
                    ticks.Add(tick);
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

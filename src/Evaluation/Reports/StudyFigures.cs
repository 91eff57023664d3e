using System.Globalization;
using IlgpuDca.Evaluation.Study;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>The pictures of a study. Each is drawn where its cells are there: lines need two points.</summary>
static class StudyFigures
{
    public static IReadOnlyList<ReportFigure> Of(StudyResults results)
    {
        List<ReportFigure> figures = [];
        foreach (string model in results.Grid.Models)
            foreach (IStudyTask task in results.Grid.Tasks)
                foreach ((string title, string svg) in Of(results, model, task))
                    figures.Add(new ReportFigure($"figure-{figures.Count + 1}", $"{title} ({StudyTables.ModelName(model)})", svg));
        return figures;
    }

    static IEnumerable<(string Title, string Svg)> Of(StudyResults results, string model, IStudyTask task) => task.Kind switch
    {
        "perplexity" =>
        [
            .. ByLength(results, model, task, Figure.Perplexity, "perplexity", task.Title, 1, Scale.Logarithmic),
            .. StudyParameters.Of(results, model, task, Figure.Perplexity, new ChartAxis("perplexity", Scale.Logarithmic)),
            .. ByDistance(results, model, task),
        ],
        "speed" =>
        [
            .. ByLength(results, model, task, Figure.Seconds, "seconds of a prompt", "Time of a prompt", 1, Scale.Logarithmic),
            .. ByLength(results, model, task, Figure.TokenMilliseconds, "milliseconds of a token", "Time of a token after a prompt", 1, Scale.Logarithmic),
            .. ByLength(results, model, task, Figure.Bytes, "memory (GB)", "Memory of weights, cache and work", 1e-9, Scale.Logarithmic),
        ],
        _ =>
        [
            .. ByLength(results, model, task, Figure.Accuracy, "answers found", task.Title, 1, Scale.Part),
            .. StudyParameters.Of(results, model, task, Figure.Accuracy, new ChartAxis("answers found", Scale.Part)),
            .. ByDepth(results, model, task),
        ],
    };

    static IEnumerable<(string, string)> ByLength(StudyResults results, string model, IStudyTask task, string figure, string label, string title, double unit, Scale scale)
    {
        LineSeriesData[] lines = Lines(results.Methods, method => [.. from length in results.Lengths
                                                                      let value = results.Value(model, task, method, length, figure)
                                                                      where value is not null && double.IsFinite(value.Value)
                                                                      select ((double)length, value.Value * unit)]);
        title += " by length";
        return lines.Any(line => line.Points.Count > 1)
            ? [(title, Chart.Lines(title, new ChartAxis("length (tokens)", Scale.Logarithmic, [.. results.Lengths.Select(length => (double)length)]), new ChartAxis(label, scale), lines))] : [];
    }

    /// <summary>At the greatest length that has curves: there the methods differ most.</summary>
    static IEnumerable<(string, string)> ByDistance(StudyResults results, string model, IStudyTask task)
    {
        foreach (int length in results.Lengths.Reverse())
        {
            LineSeriesData[] lines = Lines(results.Methods, method =>
                [.. results.Curve(model, task, method, length).Where(point => point.Tokens >= 1 && double.IsFinite(point.Nll)).Select(point => (point.Tokens, point.Nll))]);
            if (!lines.Any(line => line.Points.Count > 1))
                continue;
            string title = string.Create(CultureInfo.InvariantCulture, $"{task.Title}: surprise by distance from the window's start, windows of {length:#,0}");
            return [(title, Chart.Lines(title, new ChartAxis("tokens before the prediction", Scale.Logarithmic), new ChartAxis("mean nll (nats)", Scale.Linear), lines))];
        }
        return [];
    }

    static IEnumerable<(string, string)> ByDepth(StudyResults results, string model, IStudyTask task)
    {
        foreach (string method in results.Methods)
        {
            DepthPoint[][] points = [.. results.Lengths.Select(length => results.Depths(model, task, method, length).ToArray())];
            double[] depths = [.. points.SelectMany(column => column).Select(point => point.Depth).Distinct().Order()];
            if (depths.Length < 2)
                continue;
            double?[,] parts = new double?[results.Lengths.Count, depths.Length];
            for (int x = 0; x < points.Length; x++)
                foreach (DepthPoint point in points[x])
                    parts[x, Array.IndexOf(depths, point.Depth)] = (double)point.Correct / point.Trials;
            string title = $"{task.Title}: answers found by length and depth, {method}";
            yield return (title, Chart.Heat(title, results.Lengths, depths, parts));
        }
    }

    static LineSeriesData[] Lines(IReadOnlyList<string> methods, Func<string, (double, double)[]> points) =>
        [.. methods.Select((method, i) => new LineSeriesData(method, i, points(method))).Where(line => line.Points.Count > 0)];
}

using System.Globalization;
using IlgpuDca.Evaluation.Study;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>Pictures of studies that change a number of one method: the result by that number, a line for each length.</summary>
static class StudyParameters
{
    /// <summary>Fewer values make no curve.</summary>
    const int FewestValues = 3;

    public static IEnumerable<(string Title, string Svg)> Of(StudyResults results, string model, IStudyTask task, string figure, ChartAxis axis)
    {
        foreach (IGrouping<string, Method> family in results.Grid.Methods.GroupBy(method => method.Name))
        {
            if (Parameter(family) is not { } parameter)
                continue;
            Method[] methods = [.. family.Where(method => parameter.Value(method) is not null)];
            LineSeriesData[] lines =
            [
                .. results.Lengths.Select((length, i) => new LineSeriesData(string.Create(CultureInfo.InvariantCulture, $"{length:#,0} tokens"), i,
                    [.. from method in methods
                        let value = results.Value(model, task, method.ToString(), length, figure)
                        where value is not null && double.IsFinite(value.Value)
                        orderby parameter.Value(method)
                        select ((double)parameter.Value(method)!, value.Value)])).Where(line => line.Points.Count > 1),
            ];
            if (lines.Length == 0)
                continue;
            string title = $"{task.Title} by {parameter.Name}, {family.Key}";
            yield return (title, Chart.Lines(title, new ChartAxis($"{parameter.Name} (tokens)", Scale.Linear), axis, lines));
        }
    }

    /// <summary>The number that differs where the others are the same.</summary>
    static (string Name, Func<Method, int?> Value)? Parameter(IEnumerable<Method> family)
    {
        int chunks = Distinct(family, method => method.ChunkLength), positions = Distinct(family, method => method.MaxPosition);
        return (chunks, positions) switch
        {
            ( >= FewestValues, <= 1) => ("chunk length s", method => method.ChunkLength),
            (1, >= FewestValues) => ("local window", method => method.MaxPosition - method.ChunkLength + 1),
            (0, >= FewestValues) => ("largest position pmax", method => method.MaxPosition),
            _ => null,
        };
    }

    static int Distinct(IEnumerable<Method> family, Func<Method, int?> value) => family.Select(value).OfType<int>().Distinct().Count();
}

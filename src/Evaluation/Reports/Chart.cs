using System.Security.Cryptography;
using System.Text;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>Charts as SVG whose colours follow the reader's preference for light or dark.</summary>
static class Chart
{
    const double Width = 780, Height = 430, FontSize = 14;

    /// <summary>The exporter knows how wide its letters are.</summary>
    const string Font = "Arial";

    /// <summary>Lines over logarithmic axes.</summary>
    /// <param name="title">For readers who can't see it.</param>
    /// <param name="xLabel">With the unit.</param>
    /// <param name="yLabel">With the unit.</param>
    /// <param name="lines">At least one.</param>
    /// <param name="xTicks">Values of x that get a tick; null: powers of ten.</param>
    /// <param name="unitInterval">Whether y is a part from 0 to 1, which has a linear axis.</param>
    public static string Lines(string title, string xLabel, string yLabel, IReadOnlyList<LineSeriesData> lines, IReadOnlyList<double>? xTicks, bool unitInterval = false)
    {
        PlotModel model = Model();
        model.Axes.Add(Styled(new LogAxis(xTicks) { Position = AxisPosition.Bottom, Title = xLabel }));
        model.Axes.Add(Styled(unitInterval
            ? new LinearAxis { Position = AxisPosition.Left, Title = yLabel, Minimum = -0.04, Maximum = 1.04, MajorStep = 0.2, StringFormat = "0 %" }
            : new LogAxis(null) { Position = AxisPosition.Left, Title = yLabel }));
        Pad(model, lines, unitInterval);
        model.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.RightTop, LegendBorderThickness = 0,
            LegendTextColor = ChartTheme.Color("ink"), LegendFontSize = FontSize - 1, LegendSymbolLength = 34, LegendLineSpacing = 3,
        });
        foreach (LineSeriesData line in lines)
        {
            LineSeries series = new()
            {
                Title = line.Name, Color = ChartTheme.Line(line.Style), StrokeThickness = 2, LineStyle = ChartTheme.Dash(line.Style),
                MarkerType = ChartTheme.Marker(line.Style), MarkerSize = 4, MarkerFill = ChartTheme.Line(line.Style),
            };
            series.Points.AddRange(line.Points.Where(point => double.IsFinite(point.Y)).Select(point => new DataPoint(point.X, point.Y)));
            model.Series.Add(series);
        }
        return Svg(model, title, Width, Height);
    }

    /// <summary>How much was found at each depth (down) of each length (across).</summary>
    /// <param name="title">For readers who can't see it.</param>
    /// <param name="lengths">Columns, in tokens.</param>
    /// <param name="depths">Rows, 0 to 1, ascending.</param>
    /// <param name="parts">[length, depth]: 0 to 1; null where it was not measured.</param>
    public static string Heat(string title, IReadOnlyList<int> lengths, IReadOnlyList<double> depths, double?[,] parts)
    {
        PlotModel model = Model();
        CategoryAxis across = new() { Position = AxisPosition.Bottom, Title = "length (tokens)", GapWidth = 0 };
        across.Labels.AddRange(lengths.Select(length => length.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture)));
        CategoryAxis down = new() { Position = AxisPosition.Left, Title = "depth (part of the text)", GapWidth = 0, StartPosition = 1, EndPosition = 0 };
        down.Labels.AddRange(depths.Select(depth => depth.ToString("0 %", System.Globalization.CultureInfo.InvariantCulture)));
        model.Axes.Add(Styled(across));
        model.Axes.Add(Styled(down));
        RectangleBarSeries cells = new() { StrokeThickness = 0 };
        bool written = lengths.Count <= 12 && depths.Count <= 24;
        for (int x = 0; x < lengths.Count; x++)
            for (int y = 0; y < depths.Count; y++)
                if (parts[x, y] is { } part)
                {
                    cells.Items.Add(new RectangleBarItem(x - 0.48, y - 0.46, x + 0.48, y + 0.46) { Color = ChartTheme.Heat(part) });
                    if (written)
                        model.Annotations.Add(new OxyPlot.Annotations.TextAnnotation
                        {
                            Text = part.ToString("0 %", System.Globalization.CultureInfo.InvariantCulture), TextPosition = new DataPoint(x, y), StrokeThickness = 0,
                            TextVerticalAlignment = VerticalAlignment.Middle, TextColor = ChartTheme.OnHeat(part), FontSize = FontSize - 3,
                        });
                }
        model.Series.Add(cells);
        return Svg(model, title, 150 + 90 * lengths.Count, 90 + Math.Max(22 * depths.Count, 120));
    }

    static PlotModel Model() => new()
    {
        Background = OxyColors.Undefined, PlotAreaBorderThickness = new OxyThickness(0), DefaultFont = Font, DefaultFontSize = FontSize,
        TextColor = ChartTheme.Color("ink"), Padding = new OxyThickness(8, 10, 16, 8),
    };

    static Axis Styled(Axis axis)
    {
        axis.AxislineStyle = LineStyle.Solid;
        (axis.AxislineColor, axis.TicklineColor, axis.TextColor, axis.TitleColor) =
            (ChartTheme.Color("faint"), ChartTheme.Color("faint"), ChartTheme.Color("faint"), ChartTheme.Color("ink"));
        axis.MajorGridlineStyle = axis is CategoryAxis ? LineStyle.None : LineStyle.Solid;
        axis.MajorGridlineColor = ChartTheme.Color("grid");
        axis.TickStyle = axis is CategoryAxis ? TickStyle.None : TickStyle.Outside;
        axis.MinorTickSize = 0;
        axis.AxisTitleDistance = 10;
        return axis;
    }

    /// <summary>Room around the lines, so that markers stay off the axes; a flat line gets a range of its own.</summary>
    static void Pad(PlotModel model, IReadOnlyList<LineSeriesData> lines, bool unitInterval)
    {
        (double X, double Y)[] points = [.. lines.SelectMany(line => line.Points).Where(point => double.IsFinite(point.Y))];
        Range(model.Axes[0], points.Select(point => point.X));
        if (!unitInterval)
            Range(model.Axes[1], points.Select(point => point.Y));
    }

    static void Range(Axis axis, IEnumerable<double> values)
    {
        double low = values.Min(), high = values.Max();
        double pad = Math.Max(Math.Pow(high / low, 0.05), 1.04);
        (axis.Minimum, axis.Maximum) = (low / pad, high * pad);
    }

    static string Svg(PlotModel model, string title, double width, double height)
    {
        string svg = SvgExporter.ExportToString(model, width, height, isDocument: false, textMeasurer: new ChartTextMeasurer(width, height));
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].ReplaceLineEndings("\n");
        svg = svg.Replace($"font-family=\"{Font}\"", "font-family=\"Arial, Helvetica, sans-serif\"", StringComparison.Ordinal);
        string name = System.Net.WebUtility.HtmlEncode(title);
        // Pages have several charts: each has clips of its own.
        string own = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(title + svg)))[..8];
        svg = svg.Replace("clipPath", $"clip-{own}-", StringComparison.Ordinal)
            .Replace($"<clip-{own}-", "<clipPath", StringComparison.Ordinal).Replace($"</clip-{own}-", "</clipPath", StringComparison.Ordinal);
        return ChartTheme.Apply($"<svg role=\"img\" aria-label=\"{name}\" viewBox=\"0 0 {width:0} {height:0}\"{svg["<svg".Length..]}");
    }
}

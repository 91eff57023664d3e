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

    /// <summary>Lines.</summary>
    /// <param name="title">For readers who can't see it.</param>
    /// <param name="x">The axis below.</param>
    /// <param name="y">The axis on the left.</param>
    /// <param name="lines">At least one.</param>
    public static string Lines(string title, ChartAxis x, ChartAxis y, IReadOnlyList<LineSeriesData> lines)
    {
        PlotModel model = Model();
        (double X, double Y)[] points = [.. lines.SelectMany(line => line.Points)];
        model.Axes.Add(Axis(x, AxisPosition.Bottom, points.Select(point => point.X)));
        model.Axes.Add(Axis(y, AxisPosition.Left, points.Select(point => point.Y)));
        model.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.RightTop,
            LegendBorderThickness = 0,
            LegendTextColor = ChartTheme.Color("ink"),
            LegendFontSize = FontSize - 1,
            LegendSymbolLength = 34,
            LegendLineSpacing = 3,
        });
        foreach (LineSeriesData line in lines)
        {
            LineSeries series = new()
            {
                Title = line.Name,
                Color = ChartTheme.Line(line.Style),
                StrokeThickness = 2,
                LineStyle = ChartTheme.Dash(line.Style),
                MarkerType = ChartTheme.Marker(line.Style),
                MarkerSize = 4,
                MarkerFill = ChartTheme.Line(line.Style),
            };
            series.Points.AddRange(line.Points.Select(point => new DataPoint(point.X, point.Y)));
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
                            Text = part.ToString("0 %", System.Globalization.CultureInfo.InvariantCulture),
                            TextPosition = new DataPoint(x, y),
                            StrokeThickness = 0,
                            TextVerticalAlignment = VerticalAlignment.Middle,
                            TextColor = ChartTheme.OnHeat(part),
                            FontSize = FontSize - 3,
                        });
                }
        model.Series.Add(cells);
        return Svg(model, title, 150 + 90 * lengths.Count, 90 + Math.Max(22 * depths.Count, 120));
    }

    static PlotModel Model() => new()
    {
        Background = OxyColors.Undefined,
        PlotAreaBorderThickness = new OxyThickness(0),
        DefaultFont = Font,
        DefaultFontSize = FontSize,
        TextColor = ChartTheme.Color("ink"),
        Padding = new OxyThickness(8, 10, 16, 8),
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

    /// <summary>An axis with room around the values, so that markers stay off its ends.</summary>
    static Axis Axis(ChartAxis axis, AxisPosition position, IEnumerable<double> values)
    {
        double low = values.Min(), high = values.Max();
        if (axis.Scale == Scale.Logarithmic)
        {
            double factor = Math.Max(Math.Pow(high / low, 0.05), 1.04);
            return Styled(new LogAxis(axis.Ticks) { Position = position, Title = axis.Label, Minimum = low / factor, Maximum = high * factor });
        }
        LinearAxis linear = new() { Position = position, Title = axis.Label };
        double pad = Math.Max(0.05 * (high - low), 1e-3 * Math.Abs(high));
        (linear.Minimum, linear.Maximum) = (low - pad, high + pad);
        if (axis.Scale == Scale.Part)
            (linear.Minimum, linear.Maximum, linear.MajorStep, linear.StringFormat) = (-0.04, 1.04, 0.2, "0 %");
        return Styled(linear);
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

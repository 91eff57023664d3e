using System.Globalization;
using System.Text;
using OxyPlot;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>
/// The colours of charts, light and dark. Charts are drawn in the light ones; then each becomes a CSS variable that falls back to
/// it, so that a page or picture follows what its reader prefers. Eight hues that colour-blind readers tell apart (Okabe and Ito's,
/// darkened for paper and lightened for dark screens); every ninth line has the same hue, with another dash and marker.
/// </summary>
static class ChartTheme
{
    /// <summary>Steps of a heat map's scale.</summary>
    public const int HeatSteps = 11;

    static readonly (string Name, string Light, string Dark)[] _colors =
    [
        ("ink", "#1B1F24", "#E8EAED"),
        ("faint", "#59616B", "#A6AEB8"),
        ("grid", "#DFE3E8", "#343B44"),
        ("line-0", "#0072B1", "#4DB1F0"),
        ("line-1", "#C85200", "#FF8C42"),
        ("line-2", "#008763", "#2DCB9F"),
        ("line-3", "#B4558C", "#F096C6"),
        ("line-4", "#9A6B00", "#EBB62D"),
        ("line-5", "#2E2A85", "#A9A4FF"),
        ("line-6", "#8A8F00", "#DCE04A"),
        ("line-7", "#6E6E6F", "#BFBFC1"),
        .. Enumerable.Range(0, HeatSteps).Select(step => ($"heat-{step}", Mix("#F4F6F8", "#00507E", step), Mix("#20262D", "#7CC8F8", step))),
        // Written on the heat map: dark on its pale steps, pale on its dark ones.
        ("heat-low", "#1B1F25", "#E8EAEE"),
        ("heat-high", "#FFFFFE", "#0E1115"),
    ];

    /// <summary>A colour by its name, as charts are drawn with it.</summary>
    public static OxyColor Color(string name) => OxyColor.Parse(_colors.First(color => color.Name == name).Light);

    /// <summary>The colour of the line with this number.</summary>
    public static OxyColor Line(int number) => Color($"line-{number % 8}");

    /// <summary>The dash of the line with this number.</summary>
    public static LineStyle Dash(int number) => (number / 8 * 3 + number % 4 + number / 4 % 2) switch
    {
        0 => LineStyle.Solid,
        1 => LineStyle.Dash,
        2 => LineStyle.DashDot,
        3 => LineStyle.Dot,
        4 => LineStyle.LongDash,
        _ => LineStyle.LongDashDotDot,
    };

    /// <summary>The marker of the line with this number.</summary>
    public static MarkerType Marker(int number) => (number % 5) switch
    {
        0 => MarkerType.Circle,
        1 => MarkerType.Square,
        2 => MarkerType.Triangle,
        3 => MarkerType.Diamond,
        _ => MarkerType.Circle,
    };

    /// <summary>The colour of a part, 0 to 1.</summary>
    public static OxyColor Heat(double part) => Color($"heat-{(int)Math.Round(part * (HeatSteps - 1))}");

    /// <summary>What can be read on that colour.</summary>
    public static OxyColor OnHeat(double part) => Color(Math.Round(part * (HeatSteps - 1)) <= HeatSteps / 2 ? "heat-low" : "heat-high");

    /// <summary>The variables for a style sheet.</summary>
    public static string Css()
    {
        StringBuilder css = new(":root{color-scheme:light dark;");
        foreach ((string name, string light, _) in _colors)
            css.Append(CultureInfo.InvariantCulture, $"--{name}:{light};");
        css.Append("}@media (prefers-color-scheme:dark){:root{");
        foreach ((string name, _, string dark) in _colors)
            css.Append(CultureInfo.InvariantCulture, $"--{name}:{dark};");
        return css.Append("}}").ToString();
    }

    /// <summary>Puts the variables in the place of the light colours.</summary>
    public static string Apply(string svg)
    {
        foreach ((string name, string light, _) in _colors)
            svg = svg.Replace(Written(OxyColor.Parse(light)), $"var(--{name},{light})", StringComparison.Ordinal);
        return svg;
    }

    /// <summary>A colour as the exporter writes it.</summary>
    static string Written(OxyColor color) => string.Create(CultureInfo.InvariantCulture, $"rgb({color.R},{color.G},{color.B})");

    static string Mix(string from, string to, int step)
    {
        OxyColor color = OxyColor.Interpolate(OxyColor.Parse(from), OxyColor.Parse(to), step / (HeatSteps - 1d));
        return $"#{color.R:X2}{color.G:X2}{color.B:X2}";
    }
}

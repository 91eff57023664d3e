using OxyPlot;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>Measures text in pixels: the library's own measures are those of a page in points, where a size of 96 pixels is 72.</summary>
/// <param name="width">Pixels.</param>
/// <param name="height">Pixels.</param>
sealed class ChartTextMeasurer(double width, double height) : PdfRenderContext(width, height, OxyColors.Undefined)
{
    const double PixelsOfAPoint = 96d / 72;

    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        OxySize points = base.MeasureText(text, fontFamily, fontSize, fontWeight);
        return new OxySize(points.Width * PixelsOfAPoint, points.Height * PixelsOfAPoint);
    }
}

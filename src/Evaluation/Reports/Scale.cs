namespace IlgpuDca.Evaluation.Reports;

/// <summary>How an axis counts.</summary>
enum Scale
{
    /// <summary>As far as the values go.</summary>
    Linear,

    Logarithmic,

    /// <summary>Parts of a whole, 0 to 100 %.</summary>
    Part,
}

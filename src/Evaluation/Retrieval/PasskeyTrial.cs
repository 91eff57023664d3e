namespace IlgpuDca.Evaluation;

/// <summary>One key at one place.</summary>
/// <param name="Key">The digits.</param>
/// <param name="Depth">Where it stands in the filler, 0 to 1.</param>
public readonly record struct PasskeyTrial(string Key, double Depth);

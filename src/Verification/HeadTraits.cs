namespace IlgpuDca.Verification;

/// <summary>What the heads of a check have in front of their rotation.</summary>
readonly record struct HeadTraits(bool IsBiased, bool IsNormed)
{
    public static readonly HeadTraits[] Some = [new(true, false), new(false, true), new(true, true)];

    public override string ToString() => (IsBiased ? " biased" : "") + (IsNormed ? " normed" : "");
}

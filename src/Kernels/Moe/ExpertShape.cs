namespace IlgpuDca.Kernels.Moe;

/// <summary>The sizes of a layer's experts.</summary>
/// <param name="Experts">How many there are, up to <see cref="MostExperts"/>.</param>
/// <param name="PerToken">How many of them each token passes, up to <see cref="MostPerToken"/>.</param>
/// <param name="Hidden">Width of the residual stream; a multiple of 8.</param>
/// <param name="Intermediate">Width of an expert; a multiple of 8.</param>
public readonly record struct ExpertShape(int Experts, int PerToken, int Hidden, int Intermediate)
{
    /// <summary>The lanes of a warp hold a token's choices.</summary>
    public const int MostPerToken = 32;

    /// <summary>Bound on the experts of a layer.</summary>
    public const int MostExperts = 4_096;

    /// <summary>Throws where kernels can't take these sizes.</summary>
    /// <exception cref="ArgumentException">Says what was found and what was expected.</exception>
    public void Check()
    {
        if (Experts is < 1 or > MostExperts || PerToken < 1 || PerToken > Math.Min(Experts, MostPerToken)
            || Hidden < 8 || Hidden % 8 != 0 || Intermediate < 8 || Intermediate % 8 != 0)
            throw new ArgumentException($"experts: {this}; there must be 1 to {MostExperts}, of which a token passes 1 to {MostPerToken}, and "
                + "the widths must be multiples of 8.");
    }
}

namespace Skerry.Base.Configuration;

/// <summary>
/// A system ends when its essential children have exited. Without one it would end at once, and call that a success: the
/// host refuses its file (SK0201), and whoever opens the compiled form refuses that.
/// </summary>
internal static class EssentialRule
{
    /// <param name="configuration">Its records have been checked.</param>
    /// <returns>Whether core or any vcore has an essential child in its list.</returns>
    public static bool IsMet(in SystemConfiguration configuration)
    {
        bool isMet = HasOne(configuration, configuration.CoreChildren);
        for (uint i = 0; i < configuration.VcoreCount && !isMet; i++)
        {
            isMet = HasOne(configuration, configuration.Vcore(i).Children);
        }
        return isMet;
    }

    private static bool HasOne(in SystemConfiguration configuration, RecordRange children)
    {
        for (uint i = 0; i < children.Count; i++)
        {
            if ((configuration.Child(children.First + i).Flags & ChildFlags.Essential) != 0)
            {
                return true;
            }
        }
        return false;
    }
}

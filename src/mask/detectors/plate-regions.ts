/** First characters of plates: the provinces, 使 (embassies) and 领 (consulates). */
export const PLATE_REGIONS = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领'
